import Protocol

/// Decides at each tick which transfers of a bulk connection have stood still since the tick before.
struct TransferWatch {
    private var open: Set<StreamID> = []
    private var still: Set<StreamID> = []

    /// Bytes, credit or a first word: a stream that is not watched yet is from now on.
    mutating func moved(_ stream: StreamID) {
        open.insert(stream)
        still.remove(stream)
    }

    mutating func ended(_ stream: StreamID) {
        open.remove(stream)
        still.remove(stream)
    }

    /// One interval has passed; answers the transfers that did not move in it, though they were there before it.
    mutating func tick() -> Set<StreamID> {
        defer { still = open }
        return still
    }

    /// Whether nothing else is under way than `streams`.
    func isEverything(_ streams: Set<StreamID>) -> Bool { streams == open }
}
