import NIOCore
import Protocol

/// What the bounded test and libFuzzer feed with bytes of any kind.
package enum FuzzEntry {
    /// Reads `bytes` as a connection would, cut at `step`, and answers how many frames and envelopes it held.
    ///
    /// Anything but an answer or a `ProtocolError` is a bug.
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
