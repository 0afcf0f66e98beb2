import Foundation
import Model
import NIOCore
import NIOPosix
import TLS

/// Our TLS beside the `openssl` commands, in one run on one machine: bulk, handshakes and the cipher alone.
@main
struct TLSBench {
    /// Bytes on one connection.
    private static let amount = 2 << 30
    /// What the slower peer moves.
    private static let peerAmount = 1 << 30
    private static let handshakeTime = Duration.seconds(5)

    static func main() async throws {
        let credentials = try Credentials()
        defer { credentials.remove() }
        let peer = OpenSSLPeer(credentials: credentials)

        print("one connection, TLS 1.3, mutual, AES-128-GCM, loopback")
        let cipher = try peer.cipherSpeed()
        print("  openssl speed aes-128-gcm      \(row(cipher)) MB/s")
        let theirs = try peer.bulk(bytes: peerAmount)
        print("  openssl s_client -> s_server   \(row(theirs)) MB/s")
        let ours = try await BulkBench(credentials: credentials).run(bytes: amount)
        print("  ours, 256 KiB writes           \(row(ours.rate)) MB/s")
        print("  ours / openssl                 \(ratio(ours.rate, theirs))   (target 4.00)")
        print("  CPU, sender                    \(decimal(ours.sender)) s/GiB   (target 0.45)")
        print("  CPU, receiver                  \(decimal(ours.receiver)) s/GiB   (target 0.45)")

        print("full mutual handshakes, P-256, one core each side")
        let shakes = try peer.handshakes(for: handshakeTime)
        print("  openssl s_time -> s_server     \(row(shakes)) /s")
        for inFlight in [1, 8] {
            let rate = try await HandshakeBench(credentials: credentials).run(for: handshakeTime, inFlight: inFlight)
            print("  ours, \(inFlight) in flight              \(row(rate)) /s")
            print("  ours / s_time                  \(ratio(rate, shakes))   (target 0.75)")
        }
    }

    private static func row(_ value: Double) -> String { String(format: "%8.0f", value) }
    private static func decimal(_ value: Double) -> String { String(format: "%8.3f", value) }
    private static func ratio(_ value: Double, _ other: Double) -> String { String(format: "%8.2f", value / other) }
}
