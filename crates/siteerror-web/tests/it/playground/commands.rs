//! The request as people would send it elsewhere.
