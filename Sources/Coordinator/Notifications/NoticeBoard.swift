package import Configuration
internal import FoundationEssentials
internal import HTTP
package import Logging
internal import TLS

/// Tells people who do not watch; what fails here is logged, and never holds a rollout up.
package struct NoticeBoard: Sendable {
    private let targets: NoticeTargets
    private let logger: Logger

    /// Time for one notice to reach one target.
    private static let timeLimit = Duration.seconds(10)

    package init(_ targets: NoticeTargets, logger: Logger) {
        self.targets = targets
        self.logger = logger
    }

    /// Tells each notice, in their order, until there are no more; a target that failed is not tried again.
    func tell(_ notices: AsyncStream<Notice>) async {
        var webhook = targets.webhook
        var command = targets.command
        for await notice in notices {
            if let url = webhook, await !attempt("webhook", { try await deliver(notice, to: url) }) { webhook = nil }
            if !command.isEmpty, await !attempt("command", { try await run(command, notice) }) { command = [] }
        }
    }

    private func attempt(_ target: String, _ body: () async throws -> Void) async -> Bool {
        do {
            try await body()
            return true
        } catch {
            let metadata: Logger.Metadata = ["target": "\(target)", "error": "\(error)"]
            logger.warning("people were not told; this target is not tried again for this rollout", metadata: metadata)
            return false
        }
    }

    private struct Message: Encodable {
        let text: String
    }

    /// Says what went wrong without the URL, which is a secret as a whole.
    private func deliver(_ notice: Notice, to webhook: Webhook) async throws {
        do {
            try await post(notice, to: webhook)
        } catch let error as HTTPError {
            let cause = error.cause.map { " (\($0))" } ?? ""
            throw CoordinatorError(.commandFailed, "\(webhook): \(error.advice)\(cause) [\(error.code.rawValue)]")
        }
    }

    private func post(_ notice: Notice, to webhook: Webhook) async throws {
        let url = try HTTPURL(parsing: webhook.reveal())
        let request = HTTPRequest(
            .post,
            url,
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("User-Agent", "fleet")],
            body: Array(try JSONEncoder().encode(Message(text: notice.text))),
            timeout: Self.timeLimit
        )
        let trust = url.scheme == .https ? try WebTrust.system() : nil
        let response = try await HTTPClient(trust: trust).send(request)
        guard 200..<300 ~= response.status else {
            throw CoordinatorError(.commandFailed, "\(webhook) answered \(response.status), expected 200 to 299")
        }
    }

    private func run(_ words: [String], _ notice: Notice) async throws {
        let input = Array(try JSONEncoder().encode(notice))
        _ = try await ExternalCommand(words, input: input, timeLimit: Self.timeLimit).succeed()
    }
}
