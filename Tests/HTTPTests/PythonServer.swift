import Foundation
import TestSupport

/// Python's own HTTP server on a port that the system picks, over TLS when it is given a certificate.
final class PythonServer {
    private let process: BackgroundProcess
    let port: Int

    private static let script = """
        import http.server, ssl, sys
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
        if len(sys.argv) > 1:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[1], sys.argv[2])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    /// Serves the files of `directory`.
    init(directory: URL, certificate: [String] = []) throws {
        let pipe = Pipe()
        process = try BackgroundProcess(
            ["python3", "-c", Self.script] + certificate,
            directory: directory,
            output: pipe
        )
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CocoaError(.executableLoad)
        }
        self.port = port
    }

    /// Ends the server; a deinitialiser would run after the last use of `port`, before the request.
    func stop() { process.stop() }
}
