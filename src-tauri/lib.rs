//! The shell: windows, IPC, deep links. It decides nothing about members' data.
