import Model

/// The requests of the current claim and their answers, so that none is performed twice.
struct RequestLog: Hashable, Codable, Sendable {
    /// Answered requests that are remembered; an older one is known by its sequence and refused.
    static let limit = 32

    struct Entry: Hashable, Codable, Sendable {
        let id: RequestID
        let kind: RequestKind
        /// Nil while it is being performed.
        var reply: HostReply?
    }

    /// In order of arrival.
    private(set) var entries: [Entry] = []
    /// Highest sequence that was begun under the current claim.
    private(set) var lastSequence: Int64 = .min

    subscript(id: RequestID) -> Entry? { entries.first { $0.id == id } }

    mutating func reset() { self = Self() }

    mutating func begin(_ id: RequestID, _ kind: RequestKind) {
        entries.append(Entry(id: id, kind: kind, reply: nil))
        lastSequence = max(lastSequence, id.sequence)
        let answered = entries.count { $0.reply != nil }
        guard answered > Self.limit, let oldest = entries.firstIndex(where: { $0.reply != nil }) else { return }
        entries.remove(at: oldest)
    }

    /// Stores the answer of a known request; an id that was forgotten meanwhile stays so.
    mutating func finish(_ id: RequestID, _ reply: HostReply) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        entries[index].reply = reply
    }

    /// Forgets a request that a crash has cut off before it changed anything: its repetition starts it anew.
    mutating func forget(_ id: RequestID) { entries.removeAll { $0.id == id && $0.reply == nil } }
}
