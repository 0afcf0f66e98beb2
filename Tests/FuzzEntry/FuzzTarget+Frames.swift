import NIOCore
import Protocol

extension FuzzTarget {
    /// What a connection reads before and after it knows the peer.
    static let frames = Self(
        "frames",
        ["protocol/corpus", "protocol/golden"],
        words: ["\u{0}\u{0}\u{0}\u{1}", "\n", "\u{8}"]
    ) { bytes in
        // Cut somewhere that depends on nothing but the bytes, so that each input fails alike everywhere.
        let step = 1 + Int(bytes.reduce(0, &+))
        return readFrames(bytes, step: step).envelopes
    }

    /// Reads `bytes` as a connection would, cut at `step`, and answers how many frames and envelopes it held.
    @discardableResult
    package static func readFrames(_ bytes: [UInt8], step: Int) -> (frames: Int, envelopes: Int) {
        var decoder = FrameDecoder()
        var rest = ByteBuffer(bytes: bytes)
        var found = (frames: 0, envelopes: 0)
        do throws(ProtocolError) {
            while var piece = rest.readSlice(length: min(step, rest.readableBytes)), piece.readableBytes > 0 {
                while let frame = try decoder.next(from: &piece) {
                    found.frames += 1
                    guard frame.kind == .control else { continue }
                    _ = try Envelope(payload: frame.payload)
                    found.envelopes += 1
                }
            }
        } catch {
            precondition(!error.advice.isEmpty)
        }
        return found
    }
}
