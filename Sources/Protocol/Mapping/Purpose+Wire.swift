import Model

extension Purpose {
    init(wire: WirePurpose, _ field: String) throws(ProtocolError) {
        switch wire {
        case .deploy: self = .deploy
        case .rollback: self = .rollback
        case .restart: self = .restart
        case .unspecified: throw .missing(field)
        case .UNRECOGNIZED(let number): throw .invalid(field, "is \(number), which this version does not know")
        }
    }

    var wire: WirePurpose {
        switch self {
        case .deploy: .deploy
        case .rollback: .rollback
        case .restart: .restart
        }
    }
}
