import FoundationEssentials
package import NIOCore
import SwiftProtobuf

extension Envelope {
    /// Reads the payload of a control frame.
    ///
    /// - Throws: `ProtocolError` for bytes that are no message, or whose field is missing or invalid.
    package init(payload: ByteBuffer) throws(ProtocolError) {
        let wire: WireEnvelope
        do {
            wire = try WireEnvelope(serializedBytes: Array(payload.readableBytesView))
        } catch {
            throw ProtocolError(.messageUnreadable, "control frame", advice: "is no protobuf message: \(error)")
        }
        try self.init(wire: wire)
    }

    /// The control frame that carries this envelope.
    package func frame(on stream: StreamID = .connection) throws(ProtocolError) -> Frame {
        let bytes: [UInt8]
        do {
            bytes = try wire.serializedBytes()
        } catch {
            throw ProtocolError(.messageUnreadable, "envelope", advice: "can't be written: \(error)")
        }
        guard bytes.count <= Frame.Kind.control.maximumPayload else {
            throw ProtocolError(
                .frameTooLarge,
                "control message",
                advice: "has \(bytes.count) bytes, at most \(Frame.Kind.control.maximumPayload) are allowed"
            )
        }
        return Frame(kind: .control, stream: stream, payload: ByteBuffer(bytes: bytes))
    }
}

extension Envelope: WireConvertible {
    init(wire: WireEnvelope) throws(ProtocolError) {
        switch wire.kind {
        case .hello(let hello): self = .hello(try .inside("hello", hello))
        case .bulkHello(let hello): self = .bulkHello(try BulkToken(wire: hello.token, "bulk_hello.token"))
        case .bulkWelcome: self = .bulkWelcome
        case .heartbeat(let beat):
            self = .heartbeat(reportSequence: try Field.number(beat.reportSequence, "heartbeat.report_sequence"))
        case .goodbye(let goodbye): self = .goodbye(try .inside("goodbye", goodbye))
        case .request(let request): self = .request(Self.reading("request", request))
        case .response(let response): self = .response(Self.response(response))
        case .event(let event): self = .event(Self.reading("event", event))
        case .cancel: self = .cancel
        case .credit(let credit):
            guard credit.amount > 0 else { throw .missing("credit.amount") }
            self = .credit(Int(credit.amount))
        case .bulkEnd(let end): self = .bulkEnd(try .optional(end.problem, if: end.hasProblem, "bulk_end.problem"))
        case nil: throw .missing("envelope.kind")
        }
    }

    private static func reading<Value: WireConvertible>(
        _ field: String,
        _ wire: Value.Wire
    ) -> Result<Value, ProtocolError> {
        do throws(ProtocolError) {
            return .success(try .inside(field, wire))
        } catch {
            return .failure(error)
        }
    }

    private static func response(_ wire: WireResponse) -> Result<Response, Problem> {
        do throws(ProtocolError) {
            return try Response.result(wire: wire)
        } catch {
            return .failure(.unreadableResponse(error.inside("response")))
        }
    }

    var wire: WireEnvelope { .with { $0.kind = kind } }

    private var kind: WireEnvelope.OneOf_Kind {
        switch self {
        case .hello(let hello): .hello(hello.wire)
        case .bulkHello(let token): .bulkHello(.with { $0.token = Data(token.bytes) })
        case .bulkWelcome: .bulkWelcome(WireBulkWelcome())
        case .heartbeat(let sequence): .heartbeat(.with { $0.reportSequence = sequence })
        case .goodbye(let goodbye): .goodbye(goodbye.wire)
        // What could not be read exists on the reading side only; sent on, it is again something nobody can read.
        case .request(.failure): .request(WireRequest())
        case .event(.failure): .event(WireEvent())
        case .request(.success(let request)): .request(request.wire)
        case .response(let result): .response(Response.wire(result))
        case .event(.success(let event)): .event(event.wire)
        case .cancel: .cancel(WireCancel())
        case .credit(let amount): .credit(.with { $0.amount = UInt32(clamping: amount) })
        case .bulkEnd(let problem):
            .bulkEnd(
                .with {
                    if let problem { $0.problem = problem.wire }
                }
            )
        }
    }
}
