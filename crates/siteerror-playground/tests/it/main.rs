//! The playground over real sockets.

mod ask;

mod causes;
mod sequences;
mod status;
mod table;
