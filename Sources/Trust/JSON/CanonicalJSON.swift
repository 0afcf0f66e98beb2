import FoundationEssentials

/// Values as canonical JSON (RFC 8785), and back from exactly such bytes.
///
/// What is signed is made here once, then travels and is stored as these bytes; nothing is encoded again to be verified.
package enum CanonicalJSON {
    /// The canonical bytes of a value.
    ///
    /// - Throws: `TrustError` for floats, integers from 2^53, and what can't be encoded at all.
    package static func encode(_ value: some Encodable) throws(TrustError) -> [UInt8] {
        let encoded: [UInt8]
        do {
            encoded = Array(try JSONEncoder().encode(value))
        } catch {
            throw TrustError(.jsonInvalid, "\(type(of: value))", "can't be written as JSON", cause: "\(error)")
        }
        do {
            return try JSONValue(parsing: encoded, numbers: .integersOnly).canonicalBytes()
        } catch {
            throw error.about("\(type(of: value))")
        }
    }

    /// The value that canonical bytes hold.
    ///
    /// - Throws: `TrustError` for bytes that are not strict JSON or not the canonical form, and for values that the
    ///   type refuses.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: [UInt8],
        limits: JSONLimits = JSONLimits()
    ) throws(TrustError) -> Value {
        do throws(TrustError) {
            let canonical = try JSONValue(parsing: bytes, numbers: .integersOnly, limits: limits).canonicalBytes()
            guard canonical == bytes else {
                let offset = zip(canonical, bytes).enumerated().first { $1.0 != $1.1 }?.offset
                throw TrustError(
                    .jsonNotCanonical,
                    "\(type)",
                    "is not in canonical form (RFC 8785): sign and send the exact bytes that Fleet made",
                    offset: offset ?? min(canonical.count, bytes.count)
                )
            }
        } catch {
            throw error.about("\(type)")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw TrustError(.jsonInvalid, "\(type)", "has values that are not allowed", cause: "\(error)")
        }
    }
}
