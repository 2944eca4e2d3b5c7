//! Reports on submissions that were never judged.

mod browser;
mod github;
mod hostile;
mod html;
mod junit;
mod made;
