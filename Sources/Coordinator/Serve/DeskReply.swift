internal import FoundationEssentials
internal import Protocol
internal import Session

/// Sends answers as JSON, in parts that fit into a frame each.
struct DeskReply: Sendable {
    let call: Call

    private static let longestPart = 256 << 10

    func send(_ answer: DeskAnswer) async throws {
        var rest = Array(try JSONEncoder().encode(answer))[...]
        repeat {
            let part = Array(rest.prefix(Self.longestPart))
            rest = rest.dropFirst(part.count)
            try await call.send(.desk(part: part, more: !rest.isEmpty))
        } while !rest.isEmpty
    }

    /// News for somebody who may have gone: the end of the call says so, not this.
    func tell(_ news: RolloutNews) async {
        switch news {
        case .view(let view): try? await send(.view(view))
        case .announcement(let announcement, let time): try? await send(.announcement(announcement, at: time))
        case .remark: break  // ours, not theirs
        }
    }
}
