//! What to send next (a pure plan), and sending it over a transport.
