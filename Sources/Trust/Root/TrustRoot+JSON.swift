import Model

extension TrustRoot {
    /// The canonical JSON that people sign.
    package func payload() throws(TrustError) -> [UInt8] {
        let keys = keys.map { entry in
            JSONValue.of([
                ("name", .string(entry.name)), ("key", .string(String(decoding: entry.key.pem, as: UTF8.self))),
            ])
        }
        return try JSONValue.of([
            ("fleet", .string(fleet.text)), ("version", .integer(Int64(version))),
            ("expires", expires.map { .string($0.description) }), ("threshold", .integer(Int64(threshold))),
            ("keys", .array(keys)), ("files", .of(files.map { ($0.path, .string($0.text)) })),
        ]).canonicalBytes()
    }

    /// Reads what `payload` wrote, and nothing that differs by a byte or says more.
    ///
    /// - Throws: `TrustError.Code.rootInvalid`: a member that this version does not know may be what limits trust.
    init(payload bytes: [UInt8]) throws(TrustError) {
        let members = ["fleet", "version", "expires", "threshold", "keys", "files"]
        let entry = try TrustEntry(json: bytes, name: "trust root", known: members, .rootInvalid)
        guard let fleet = try? FleetName(parsing: try entry.text("fleet")) else {
            throw entry.refusal("names no fleet")
        }
        guard case .integer(let version)? = entry["version"], case .integer(let threshold)? = entry["threshold"] else {
            throw entry.refusal("misses 'version' or 'threshold'")
        }
        var keys: [Key] = []
        for value in entry["keys"]?.array ?? [] {
            guard let name = value["name"]?.string, !name.isEmpty, let pem = value["key"]?.string,
                value.object?.count == 2
            else { throw entry.refusal("has a key that is not {\"name\", \"key\"}") }
            keys.append(Key(name: name, key: try VerificationKey(pem: Array(pem.utf8), name: name)))
        }
        var files: [TrustFile] = []
        for member in entry["files"]?.object ?? [] {
            guard let text = member.value.string else { throw entry.refusal("has a file that is no text") }
            files.append(try TrustFile(path: member.key, text: text))
        }
        try self.init(
            fleet: fleet,
            version: Int(version),
            expires: try entry.time("expires"),
            threshold: Int(threshold),
            keys: keys,
            files: files
        )
        guard try payload() == bytes else {
            throw entry.refusal("is not in canonical form (RFC 8785): sign and send the exact bytes that Fleet made")
        }
    }
}
