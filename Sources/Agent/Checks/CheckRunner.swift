internal import Glibc
internal import HTTP
internal import Model
internal import NIOCore
internal import NIOPosix

/// Performs the smoke checks of a service and reports each answer; it never decides what an answer means.
struct CheckRunner: Sendable {
    let systemd: any ServiceManager
    let clock: HostClock
    let http: HTTPClient
    let group: any EventLoopGroup

    /// One round: all checks at the same time, answers in the order of the spec.
    func round(_ checks: [Check], of site: CheckSite) async -> [CheckResult] {
        await withTaskGroup(of: (Int, CheckResult).self) { tasks in
            for (index, check) in checks.enumerated() {
                tasks.addTask { (index, await result(of: check, index: index, site: site)) }
            }
            var results: [(Int, CheckResult)] = []
            for await result in tasks { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func result(of check: Check, index: Int, site: CheckSite) async -> CheckResult {
        let start = clock.now.instant
        let failure = await failure(of: check, index: index, site: site)
        return CheckResult(label: check.label, failure: failure, took: clock.now.instant - start, at: clock.wall)
    }

    private func failure(of check: Check, index: Int, site: CheckSite) async -> String? {
        switch check.kind {
        case .http(let request): await httpFailure(request, timeout: check.timeout)
        case .tcp(let address): await tcpFailure(address, timeout: check.timeout)
        case .command(let words): await commandFailure(words, timeout: check.timeout, index: index, site: site)
        case .heartbeat(let file, let age): heartbeatFailure(file, newerThan: age)
        case .file(let path):
            access(site.place(of: path), F_OK) == 0 ? nil : "\(path): \(String(cString: strerror(errno)))"
        }
    }

    private func httpFailure(_ check: HTTPCheck, timeout: TimeSpan) async -> String? {
        do {
            let headers = check.headers.map { HTTPHeader($0.name, $0.value) }
            let url = try HTTPURL(parsing: check.url)
            let response = try await http.get(url, headers: headers, timeout: timeout.duration)
            let body = String(decoding: response.body, as: UTF8.self)
            let quoted = body.prefix(Self.quotedBody).split(whereSeparator: \.isNewline).joined(separator: " ")
            guard response.status == check.status else {
                return "answered \(response.status), expected \(check.status): \(quoted)"
            }
            guard let expected = check.bodyContains, !body.contains(expected) else { return nil }
            return "answered \(response.status) without '\(expected)': \(quoted)"
        } catch {
            return "\(error)"
        }
    }

    /// Characters of an unexpected body that are shown.
    private static let quotedBody = 200

    private func tcpFailure(_ address: String, timeout: TimeSpan) async -> String? {
        guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]) else {
            return "'\(address)' is no host:port"
        }
        let host = address[..<colon].trimmingBrackets
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(.milliseconds(timeout.milliseconds))
                .connect(host: host, port: port)
                .get()
            try await channel.close()
            return nil
        } catch {
            return "no connection to \(address) within \(timeout): \(error)"
        }
    }

    private func commandFailure(_ words: [String], timeout: TimeSpan, index: Int, site: CheckSite) async -> String? {
        do {
            let command = try site.command(words, name: "check-\(index)", timeout: timeout)
            let result = try await systemd.run(command)
            guard !result.hasSucceeded else { return nil }
            let ending = "ended with \(result.result), status \(result.exitStatus)"
            let output = await JournalReader().tail(
                command.unit,
                invocation: result.invocation,
                limit: Self.quotedLines
            )
            return ([ending] + output).joined(separator: "\n")
        } catch {
            return "\(error)"
        }
    }

    /// Lines of a failed command's output that are shown.
    private static let quotedLines = 10

    private func heartbeatFailure(_ file: String, newerThan limit: TimeSpan) -> String? {
        var status = stat()
        guard stat(file, &status) == 0 else { return "\(file): \(String(cString: strerror(errno)))" }
        let touched = WallTime(
            milliseconds: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
        )
        let age = clock.wall - touched
        return age <= limit ? nil : "last touched \(age) ago, expected within \(limit)"
    }
}

extension Substring {
    /// An IPv6 literal without its brackets.
    fileprivate var trimmingBrackets: String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : String(self)
    }
}
