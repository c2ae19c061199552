//! The whole service over loopback: see each module.
