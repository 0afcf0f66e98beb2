import Foundation

/// The `openssl` commands that do the same work.
struct OpenSSLPeer {
    let credentials: Credentials

    /// AES-128-GCM alone on one core with 16 KiB blocks, MB/s.
    func cipherSpeed() throws -> Double {
        let output = try run(["speed", "-evp", "aes-128-gcm", "-bytes", "16384", "-seconds", "2", "-mr"])
        // +F:<index>:<name>:<bytes per second>
        let line = output.split(separator: "\n").first { $0.hasPrefix("+F:") }
        return (Double(line?.split(separator: ":").last ?? "") ?? .nan) / 1e6
    }

    /// `s_client` sends zeros to `s_server`, MB/s.
    func bulk(bytes: Int) throws -> Double {
        let (server, port) = try startServer(["-ciphersuites", "TLS_AES_128_GCM_SHA256", "-quiet"])
        defer { stop(server) }
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/bin/sh")
        let arguments = credentials.arguments("client").joined(separator: " ")
        client.arguments = [
            "-c",
            "head -c \(bytes) /dev/zero | openssl s_client -connect 127.0.0.1:\(port) -quiet -no_ign_eof \(arguments)",
        ]
        client.standardOutput = FileHandle.nullDevice
        client.standardError = FileHandle.nullDevice
        let clock = ContinuousClock()
        let start = clock.now
        try client.run()
        client.waitUntilExit()
        return Double(bytes) / 1e6 / (start.duration(to: clock.now) / .seconds(1))
    }

    /// `s_time` against `s_server`, full handshakes per real second.
    func handshakes(for time: Duration) throws -> Double {
        let (server, port) = try startServer(["-quiet"])
        defer { stop(server) }
        let seconds = String(time.components.seconds)
        let output = try run(
            ["s_time", "-connect", "127.0.0.1:\(port)", "-new", "-time", seconds] + credentials.arguments("client")
        )
        // "8903 connections in 6 real seconds, 0 bytes read per connection"; it counts one second too many.
        let line = output.split(separator: "\n").first { $0.contains("real seconds") }
        let words = line?.split(separator: " ") ?? []
        guard words.count > 3, let count = Double(words[0]) else { return .nan }
        return count / Double(time.components.seconds)
    }

    /// Starts `s_server`, demanding a client certificate, on a port that the system picks.
    private func startServer(_ arguments: [String]) throws -> (Process, Int) {
        let port = try Ports.free()
        let server = Process()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments =
            ["openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-Verify", "1", "-num_tickets", "0", "-no_cache"]
            + credentials.arguments("server") + arguments
        server.standardInput = Pipe()
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        try Ports.waitForListener(on: port)
        return (server, port)
    }

    /// Ends `s_server` for certain: it was seen to outlive a SIGTERM.
    private func stop(_ server: Process) {
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }

    private func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
