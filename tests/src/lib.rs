//! Stories between devices and endpoint, end-to-end runs in real windows, and tidiness.
