internal import Activation
internal import Model
internal import NIOCore
internal import NIOPosix

/// HAProxy's runtime API (management guide, 9.3): one question for each connection, whose answer ends with it.
struct HAProxyRuntime: Sendable {
    let group: any EventLoopGroup
    /// Time for one answer, from the connection to its end.
    var patience = TimeSpan.seconds(5)

    /// How the load balancer treats a server.
    ///
    /// - Throws: `Failure` when it can't be asked, or has no such server.
    func look(at server: TrafficServer) async throws -> TrafficState {
        let question = "show servers state \(server.backend);show stat \(server.backend) \(Self.servers) -1"
        let answer = try await ask(question, server.address)
        return try HAProxyAnswer(answer).state(of: server)
    }

    /// The type of proxies' lines that are of servers, as `show stat` counts.
    private static let servers = 4

    /// Gives a server traffic, or no new sessions.
    ///
    /// - Throws: `Failure` when the load balancer does not take the word.
    func set(_ server: TrafficServer, to admission: TrafficOrder.Admission) async throws {
        let command = "set server \(server.backend)/\(server.name) state \(admission.rawValue)"
        let answer = try await ask(command, server.address).split(whereSeparator: \.isNewline)
        guard answer.isEmpty else {
            let text = answer.joined(separator: " ")
            throw Self.failure("answers '\(text)' to '\(command)'; 'level admin' permits it", server.address)
        }
    }

    private func ask(_ command: String, _ address: String) async throws -> String {
        let loop = group.next()
        let promise = loop.makePromise(of: ByteBuffer.self)
        let timer = loop.scheduleTask(in: .milliseconds(patience.milliseconds)) {
            promise.fail(Self.failure("gives no answer within \(patience)", address))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.milliseconds(patience.milliseconds))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HAProxyHandler(command: command, promise: promise))
                }
            }
        let connection = Self.connect(bootstrap, to: address)
        connection.whenFailure { promise.fail(Self.failure("can't be reached: \($0)", address)) }
        connection.whenSuccess { channel in
            promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        let answer = try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
        return String(buffer: answer)
    }

    private static func connect(_ bootstrap: ClientBootstrap, to address: String) -> EventLoopFuture<any Channel> {
        if address.hasPrefix("/") { return bootstrap.connect(unixDomainSocketPath: address) }
        let colon = address.lastIndex(of: ":") ?? address.endIndex
        let host = address[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        return bootstrap.connect(host: String(host), port: Int(address[colon...].dropFirst()) ?? 0)
    }

    static func failure(_ what: String, _ address: String) -> Failure {
        Failure(.trafficFailed, "HAProxy at \(address) \(what)")
    }
}
