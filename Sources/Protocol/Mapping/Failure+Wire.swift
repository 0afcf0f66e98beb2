import Model
import SwiftProtobuf

extension Failure: WireConvertible {
    /// A code of a newer version reads as `internalError` and stays in the message: better a failure that is shown with
    /// the wrong code than a report that can't be read at all.
    init(wire: WireFailure) throws(ProtocolError) {
        let word = try Field.text(wire.code, "code")
        guard let code = Code(rawValue: word) else {
            self.init(.internalError, "\(wire.message) [\(word)]", evidence: wire.evidence)
            return
        }
        self.init(code, wire.message, evidence: wire.evidence)
    }

    var wire: WireFailure {
        .with {
            $0.code = code.rawValue
            $0.message = message
            $0.evidence = evidence
        }
    }
}
