package import Artifacts
package import Configuration
internal import Model
package import TLS
package import Trust

/// The directory of one `fleet.yml` and of everything that its coordinator owns.
package struct Workspace: Sendable {
    /// Absolute.
    package let directory: String
    package let fleetFile: String
    package let layout: WorkspaceLayout

    /// Takes a `fleet.yml` that may still be missing.
    package init(fleetFile: String) {
        let slash = fleetFile.lastIndex(of: "/")
        directory = slash.map { $0 == fleetFile.startIndex ? "/" : String(fleetFile[..<$0]) } ?? "."
        self.fleetFile = fleetFile
        layout = WorkspaceLayout(root: "\(directory)/\(WorkspaceLayout.directoryName)")
    }

    /// Finds the workspace: the file that is named, else the nearest `fleet.yml` from `directory` upwards.
    package static func find(named file: String?, from directory: String) throws(CoordinatorError) -> Self {
        if let file {
            guard let resolved = SmallFile.resolve(file) else {
                throw CoordinatorError(.workspaceMissing, "there is no \(file); name the fleet.yml of your fleet")
            }
            let isDirectory = SmallFile.isDirectory(resolved)
            return Self(fleetFile: isDirectory ? "\(resolved)/\(FleetFile.fileName)" : resolved)
        }
        var current = SmallFile.resolve(directory) ?? directory
        while true {
            let candidate = current == "/" ? "/\(FleetFile.fileName)" : "\(current)/\(FleetFile.fileName)"
            if SmallFile.exists(candidate) { return Self(fleetFile: candidate) }
            guard let slash = current.lastIndex(of: "/"), current != "/" else { break }
            current = slash == current.startIndex ? "/" : String(current[..<slash])
        }
        throw CoordinatorError(
            .workspaceMissing,
            "there is no \(FleetFile.fileName) in \(directory) or above it; make one with 'fleet init', or name it with --file"
        )
    }

    package func configuration() throws -> FleetConfiguration {
        try FleetFile.parse(try SmallFile.read(fleetFile), file: fleetFile)
    }

    package func authority() throws(TLSError) -> CertificateAuthority {
        try CertificateAuthority(directory: layout.authority)
    }

    /// Who we are to the other members of the fleet, and whom we believe.
    package func credentials(as role: Role = .operator) throws -> Credentials {
        let directory = layout.identity(of: role)
        let certificate = "\(directory)/cert.pem"
        guard SmallFile.exists(certificate) else {
            let remedy =
                role == .operator
                ? "without it no agent listens to us; 'fleet init' makes one"
                : "make one where the authority is: 'fleet ca issue \(role) NAME --out \(directory)'"
            throw CoordinatorError(.workspaceInvalid, "\(certificate) is missing: \(remedy)")
        }
        let identity = try TLSIdentity(certificatePath: certificate, keyPath: "\(directory)/key.pem")
        return Credentials(
            fleet: try FleetName(parsing: identity.peer.fleet),
            identity: identity,
            anchors: try TrustAnchors(path: "\(directory)/ca.pem"),
            revocations: try revocations()
        )
    }

    package func developmentKey() throws(TrustError) -> SigningKey { try SigningKey(file: layout.developmentKey) }

    /// The ledger that `fleet init` has made; a missing one is never replaced by an empty one here.
    package func ledger() throws -> Ledger {
        guard SmallFile.isDirectory(layout.root) else {
            throw CoordinatorError(.workspaceInvalid, "\(layout.root) is missing; 'fleet init' makes it")
        }
        guard SmallFile.exists(layout.ledger) else { throw lostLedger }
        return try Ledger(path: layout.ledger)
    }

    /// An empty ledger instead of a lost one would forget what is confirmed where, and number rollouts anew.
    var lostLedger: CoordinatorError {
        CoordinatorError(
            .workspaceInvalid,
            "\(layout.ledger) is missing, and with it what was rolled out and confirmed: \(ledgerRemedy)"
        )
    }

    /// What to do about a ledger that is lost or damaged.
    var ledgerRemedy: String {
        "move \(layout.root) away and run 'fleet backup restore FILE'; without a backup, move the ledger's files away and run "
            + "'fleet init --new-ledger', which begins a new history"
    }

    package func artifacts() throws(ArtifactError) -> ContentStore { try ContentStore(directory: layout.artifacts) }
}
