/// What the peer's close_notify means for our own direction.
package enum PeerGoodbye: Sendable {
    /// We say goodbye too and close, as almost every protocol expects.
    case closesBoth
    /// `ChannelEvent.inputClosed` is fired and we may go on writing until we close (RFC 8446 section 6.1).
    case closesInput
}
