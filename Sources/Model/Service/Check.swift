/// One smoke check of a service.
package struct Check: Hashable, Codable, Sendable {
    package var kind: Kind
    /// Time for one attempt.
    package var timeout: TimeSpan

    package init(kind: Kind, timeout: TimeSpan = .seconds(2)) {
        self.kind = kind
        self.timeout = timeout
    }

    package enum Kind: Hashable, Codable, Sendable {
        /// An HTTP GET that must answer as expected.
        case http(HTTPCheck)
        /// A TCP connection to `host:port` that must be accepted.
        case tcp(address: String)
        /// A command, relative to the release, that must exit with 0; run as a transient unit as the service's user.
        case command([String])
        /// A file that the service touches: it must be newer than the given age.
        case heartbeat(file: String, newerThan: TimeSpan)
        /// A file that must exist.
        case file(String)
    }

    /// The same check, asked of one instance.
    package func of(_ instance: InstanceName?) -> Self {
        var check = self
        switch kind {
        case .http(var request):
            request.url = request.url.naming(instance)
            request.bodyContains = request.bodyContains?.naming(instance)
            check.kind = .http(request)
        case .tcp(let address): check.kind = .tcp(address: address.naming(instance))
        case .command(let words): check.kind = .command(words.map { $0.naming(instance) })
        case .heartbeat(let file, let age): check.kind = .heartbeat(file: file.naming(instance), newerThan: age)
        case .file(let path): check.kind = .file(path.naming(instance))
        }
        return check
    }

    /// What people call the check: `http http://127.0.0.1:8080/healthz`.
    package var label: String {
        switch kind {
        case .http(let check): "http \(check.url)"
        case .tcp(let address): "tcp \(address)"
        case .command(let words): "command \(words.joined(separator: " "))"
        case .heartbeat(let file, let age): "heartbeat \(file) newer than \(age)"
        case .file(let path): "file \(path)"
        }
    }
}
