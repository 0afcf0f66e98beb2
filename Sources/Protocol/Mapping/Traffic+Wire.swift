import Model
import SwiftProtobuf

extension TrafficPolicy: WireConvertible {
    init(wire: WireTraffic) throws(ProtocolError) {
        guard !wire.loadBalancers.isEmpty else { throw .missing("load_balancers") }
        self.init(
            loadBalancers: try LoadBalancer.list(wire.loadBalancers, "load_balancers"),
            drainWithin: try Field.span(wire.drainWithinMs, if: wire.hasDrainWithinMs, "drain_within_ms"),
            onSessionsLeft: try SessionsLeftPolicy(wire: wire.onSessionsLeft, "on_sessions_left")
        )
    }

    var wire: WireTraffic {
        .with {
            $0.loadBalancers = loadBalancers.map(\.wire)
            $0.drainWithinMs = drainWithin.milliseconds
            $0.onSessionsLeft = onSessionsLeft.wire
        }
    }
}

extension LoadBalancer: WireConvertible {
    init(wire: WireLoadBalancer) throws(ProtocolError) {
        self.init(
            address: try Field.text(wire.address, "address"),
            backend: try Self.name(wire.backend, "backend", Self.validated(name:)),
            server: try Self.name(wire.server, "server", Self.validated(server:))
        )
    }

    private static func name(
        _ text: String,
        _ field: String,
        _ validate: (String) throws(ModelError) -> String
    ) throws(ProtocolError) -> String {
        guard !text.isEmpty else { throw .missing(field) }
        do throws(ModelError) {
            return try validate(text)
        } catch {
            throw .invalid(field, "'\(text.prefix(80))' \(error.advice)")
        }
    }

    var wire: WireLoadBalancer {
        .with {
            $0.address = address
            $0.backend = backend
            $0.server = server
        }
    }
}

extension SessionsLeftPolicy {
    fileprivate init(wire: WireSessionsLeft, _ field: String) throws(ProtocolError) {
        switch wire {
        case .cut: self = .cut
        case .fail: self = .fail
        case .unspecified: throw .missing(field)
        case .UNRECOGNIZED(let number): throw .invalid(field, "is \(number), which this version does not know")
        }
    }

    fileprivate var wire: WireSessionsLeft {
        switch self {
        case .cut: .cut
        case .fail: .fail
        }
    }
}
