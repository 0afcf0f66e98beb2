import Model
import SwiftProtobuf

extension Hello: WireConvertible {
    init(wire: WireHello) throws(ProtocolError) {
        guard let versions = VersionRange(validating: wire.protocol, minimum: wire.protocolMinimum) else {
            throw .invalid("protocol", "is \(wire.protocolMinimum) to \(wire.protocol), which is no range of versions")
        }
        self.init(
            versions: versions,
            software: try Field.text(wire.software, "software"),
            fleet: try Field.name(wire.fleet, "fleet"),
            name: try Field.text(wire.name, "name"),
            bootID: wire.bootID
        )
    }

    var wire: WireHello {
        .with {
            $0.protocol = versions.current
            $0.protocolMinimum = versions.minimum
            $0.software = software
            $0.fleet = fleet.text
            $0.name = name
            $0.bootID = bootID
        }
    }
}

extension Goodbye: WireConvertible {
    init(wire: WireGoodbye) throws(ProtocolError) {
        self.init(code: try Field.text(wire.code, "code"), message: wire.message)
    }

    var wire: WireGoodbye {
        .with {
            $0.code = code
            $0.message = message
        }
    }
}

extension Problem: WireConvertible {
    init(wire: WireProblem) throws(ProtocolError) {
        self.init(code: try Field.text(wire.code, "code"), message: wire.message)
    }

    var wire: WireProblem {
        .with {
            $0.code = code
            $0.message = message
        }
    }
}
