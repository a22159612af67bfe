//! Sealing, opening, deriving, signing and padding: one function per purpose.
