//! The site, asked in process: status, fields, links, pages and errors.

mod api;
mod ask;
mod assets;
mod check;
mod conditional;
mod hostile;
mod html;
mod links;
mod lint;
mod methods;
mod numbers;
mod pages;
mod playground;
mod redirects;
mod search;
mod vendors;
