//! Append-only mailboxes over HTTP and WebSocket.
