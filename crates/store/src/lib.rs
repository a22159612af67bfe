//! Everything kept on this computer, sealed.
