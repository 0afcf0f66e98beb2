import SwiftProtobuf

/// A value that travels as a message; reading one is strict and names the field that it refuses.
protocol WireConvertible {
    associatedtype Wire: SwiftProtobuf.Message

    init(wire: Wire) throws(ProtocolError)
    var wire: Wire { get }
}

extension WireConvertible {
    /// Reads what must be there.
    static func required(_ wire: Wire, if isPresent: Bool, _ field: String) throws(ProtocolError) -> Self {
        guard isPresent else { throw .missing(field) }
        return try inside(field, wire)
    }

    /// Reads what may be absent.
    static func optional(_ wire: Wire, if isPresent: Bool, _ field: String) throws(ProtocolError) -> Self? {
        isPresent ? try inside(field, wire) : nil
    }

    /// Reads each element; an error names its index.
    static func list(_ wires: [Wire], _ field: String) throws(ProtocolError) -> [Self] {
        var values: [Self] = []
        for (index, wire) in wires.enumerated() {
            values.append(try inside("\(field)[\(index)]", wire))
        }
        return values
    }

    /// Reads one message; an error names the field that holds it too.
    static func inside(_ field: String, _ wire: Wire) throws(ProtocolError) -> Self {
        do throws(ProtocolError) {
            return try Self(wire: wire)
        } catch {
            throw error.inside(field)
        }
    }
}
