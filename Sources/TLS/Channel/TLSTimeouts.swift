package import NIOCore

/// How long a peer may take where it could otherwise hold a connection forever.
package struct TLSTimeouts: Sendable {
    /// From the connected socket to the completed handshake; 10 s unless told.
    package var handshake: TimeAmount
    /// From our goodbye (or our alert) to the peer's, after which the socket is closed anyway; 5 s unless told.
    package var close: TimeAmount

    package init(handshake: TimeAmount = .seconds(10), close: TimeAmount = .seconds(5)) {
        self.handshake = handshake
        self.close = close
    }
}
