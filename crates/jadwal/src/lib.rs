//! The jadwal command line, and the library that embeds it.
