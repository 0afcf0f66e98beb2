import Glibc

/// Where the parts of an authority lie.
extension CertificateAuthority {
    /// One intermediate's directory.
    struct IntermediatePlace {
        let number: Int
        let directory: String
        var certificate: String { "\(directory)/cert.pem" }
        var key: String { "\(directory)/key.pem" }

        init(number: Int, in authority: String) {
            self.number = number
            directory = "\(authority)/intermediate/\(number)"
        }
    }

    static func rootPath(_ directory: String) -> String { "\(directory)/ca.pem" }
    package static func rootKeyPath(_ directory: String) -> String { "\(directory)/root/key.pem" }

    /// The intermediates that are complete, in the order of their making.
    ///
    /// The certificate is written last, so a directory without one is what a crash has left of another.
    static func intermediates(in directory: String) throws(TLSError) -> [IntermediatePlace] {
        guard PrivateFile.exists("\(directory)/intermediate") else { return [] }
        let numbers = try PrivateFile.names(in: "\(directory)/intermediate").compactMap { Int($0) }
        return numbers.sorted().map { IntermediatePlace(number: $0, in: directory) }
            .filter { PrivateFile.exists($0.certificate) }
    }

    static func root(in directory: String) throws(TLSError) -> Certificate {
        let path = rootPath(directory)
        guard PrivateFile.exists(path) else {
            throw TLSError(
                .authorityMissing,
                directory,
                advice: "holds no certificate authority; make one with 'fleet ca init', or name the right directory"
            )
        }
        return try Certificate.chain(pem: PrivateFile.read(path, for: .everyone), source: path)[0]
    }

    static func fleet(of certificate: Certificate, path: String) throws(TLSError) -> String {
        let prefix = "spiffe://"
        let uris = certificate.uris
        guard uris.count == 1, uris[0].hasPrefix(prefix) else {
            throw TLSError(.identityMissing, path, advice: "is no fleet authority; make one with 'fleet ca init'")
        }
        let fleet = String(uris[0].dropFirst(prefix.count))
        try PeerIdentity.validateFleet(fleet)
        return fleet
    }

    static func makeDirectory(_ path: String) throws(TLSError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw PrivateFile.unwritten(path, errno) }
    }
}
