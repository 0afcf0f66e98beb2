import FoundationEssentials
import SwiftProtobuf

extension JoinRequest: WireConvertible {
    init(wire: WireJoin) throws(ProtocolError) {
        self.init(
            statement: try Field.bytes(wire.statement, "statement"),
            token: try Field.bytes(wire.token, "token"),
            signature: try Field.bytes(wire.signature, "signature")
        )
    }

    var wire: WireJoin {
        .with {
            $0.statement = Data(statement)
            $0.token = Data(token)
            $0.signature = Data(signature)
        }
    }
}

extension JoinGrant: WireConvertible {
    init(wire: WireJoined) throws(ProtocolError) {
        self.init(
            chain: try Field.bytes(wire.chain, "chain"),
            root: try Field.bytes(wire.root, "root"),
            revocations: [UInt8](wire.revocations),
            files: try File.list(wire.files, "files")
        )
    }

    var wire: WireJoined {
        .with {
            $0.chain = Data(chain)
            $0.root = Data(root)
            $0.revocations = Data(revocations)
            $0.files = files.map(\.wire)
        }
    }
}

extension JoinGrant.File: WireConvertible {
    init(wire: WireJoinFile) throws(ProtocolError) {
        self.init(path: try Field.text(wire.path, "path"), content: [UInt8](wire.content))
    }

    var wire: WireJoinFile {
        .with {
            $0.path = path
            $0.content = Data(content)
        }
    }
}
