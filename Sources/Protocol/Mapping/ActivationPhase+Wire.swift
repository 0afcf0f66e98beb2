import Model

extension ActivationPhase {
    /// Each phase's word on the wire; a switch below makes a new phase appear here.
    private static let wires: [WirePhase: Self] = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0 != .kept }.map { ($0.wire, $0) }
    )

    init(wire: WirePhase, _ field: String) throws(ProtocolError) {
        guard wire != .unspecified else { throw .missing(field) }
        guard let phase = Self.wires[wire] else {
            throw .invalid(field, "is \(wire.rawValue), which this version does not know")
        }
        self = phase
    }

    var wire: WirePhase {
        switch self {
        case .idle: .idle
        case .preparing: .preparing
        case .prepared: .prepared
        case .draining: .draining
        case .switching: .switching
        case .starting: .starting
        case .checking: .checking
        // An older reader would refuse a phase that it does not know; see `OperationReport`.
        case .awaitingCommit, .kept: .awaitingCommit
        case .committed: .committed
        case .reverting: .reverting
        case .reverted: .reverted
        case .stuck: .stuck
        }
    }
}
