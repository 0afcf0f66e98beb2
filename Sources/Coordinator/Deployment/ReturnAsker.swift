/// Who wants hosts that are behind to be brought to where their environment is.
enum ReturnAsker: Sendable {
    case person
    /// The coordinator, which tries a few times and leaves the host to people then.
    case coordinator
}
