import Foundation
import Model
import NIOCore
import NIOPosix
import TLS

/// Our TLS beside the `openssl` commands, in one run on one machine: bulk, handshakes and the cipher alone.
///
/// `ROUNDS` of each in turn, so that none has the quieter machine; the figures are medians.
@main
struct TLSBench {
    /// Bytes on one connection.
    private static let amount = 2 << 30
    /// What the slower peer moves.
    private static let peerAmount = 1 << 30
    private static let handshakeTime = Duration.seconds(3)
    /// The cipher's MB/s on the machine for which the CPU seconds are named.
    private static let namedCipherSpeed = 5800.0

    static func main() async throws {
        let credentials = try Credentials()
        defer { credentials.remove() }
        let peer = OpenSSLPeer(credentials: credentials)
        let rounds = ProcessInfo.processInfo.environment["ROUNDS"].flatMap { Int($0) } ?? 3

        // Before the first suspension: Swift's other threads block the signal by which `openssl speed` ends.
        let speed = try peer.cipherSpeed()
        var theirs: [Double] = []
        var ours: [BulkBench.Result] = []
        for _ in 0..<rounds {
            theirs.append(try peer.bulk(bytes: peerAmount))
            ours.append(try await BulkBench(credentials: credentials).run(bytes: amount))
        }
        print("one connection, TLS 1.3, mutual, AES-128-GCM, loopback; medians of \(rounds)")
        plain("openssl speed aes-128-gcm", speed, "MB/s")
        plain("openssl s_client -> s_server", median(theirs), "MB/s")
        plain("ours, 256 KiB writes", median(ours.map(\.rate)), "MB/s")
        figure("ours / openssl", median(zip(ours, theirs).map { $0.rate / $1 }), 4, .least, "x")
        let cost = 0.45 * namedCipherSpeed / speed
        print("  CPU: 0.45 s/GiB where the cipher has \(Int(namedCipherSpeed)) MB/s, here \(Int(speed / 58)) % of that")
        figure("CPU, sender", median(ours.map(\.sender)), cost, .most, "s/GiB")
        figure("CPU, receiver", median(ours.map(\.receiver)), cost, .most, "s/GiB")

        var timed: [Double] = []
        var shakes: [Int: [Double]] = [:]
        for _ in 0..<rounds {
            timed.append(try peer.handshakes(for: handshakeTime))
            for inFlight in [1, 8] {
                let bench = HandshakeBench(credentials: credentials)
                shakes[inFlight, default: []].append(try await bench.run(for: handshakeTime, inFlight: inFlight))
            }
        }
        print("full mutual handshakes, P-256, one core each side; medians of \(rounds)")
        plain("openssl s_time -> s_server", median(timed), "/s")
        for (inFlight, rates) in shakes.sorted(by: { $0.key < $1.key }) {
            plain("ours, \(inFlight) in flight", median(rates), "/s")
            figure("ours / s_time", median(zip(rates, timed).map { $0 / $1 }), 0.75, .least, "x")
        }
    }

    private enum Bound: String {
        case least
        case most
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func plain(_ name: String, _ value: Double, _ unit: String) {
        print("  \(padded(name))" + String(format: "%9.0f ", value) + unit)
    }

    private static func figure(_ name: String, _ value: Double, _ target: Double, _ bound: Bound, _ unit: String) {
        let isMet = bound == .least ? value >= target : value <= target
        let aim = "target: at \(bound) " + String(format: "%.2f", target) + ", \(isMet ? "met" : "MISSED")"
        print("  \(padded(name))" + String(format: "%9.2f ", value) + "\(unit)    \(aim)")
    }

    private static func padded(_ name: String) -> String {
        name.padding(toLength: 48, withPad: " ", startingAt: 0)
    }
}
