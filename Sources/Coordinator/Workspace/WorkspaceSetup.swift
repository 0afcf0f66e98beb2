internal import Configuration
internal import Glibc
package import Model
internal import TLS
internal import Trust

/// Makes a workspace: what is missing is made, what is there is kept.
package struct WorkspaceSetup: Sendable {
    /// One thing that a workspace needs.
    package struct Item: Hashable, Sendable {
        package let path: String
        package let purpose: String
        /// False when it was there before.
        package let isNew: Bool
    }

    /// What to do about a ledger that was there and is gone.
    package enum LostLedger: Sendable {
        case refuse
        /// Begins a new history, which knows nothing of what was rolled out and confirmed before.
        case replace
    }

    private let workspace: Workspace
    private let fleet: FleetName?
    private let person: OperatorName
    private let lostLedger: LostLedger
    private let now: WallTime

    /// Without `fleet` the name in `fleet.yml` is taken, or that of the directory.
    package init(
        _ workspace: Workspace,
        fleet: FleetName?,
        person: OperatorName,
        lostLedger: LostLedger = .refuse,
        at now: WallTime
    ) {
        self.workspace = workspace
        self.fleet = fleet
        self.person = person
        self.lostLedger = lostLedger
        self.now = now
    }

    package func run() throws -> [Item] {
        let layout = workspace.layout
        let name = try fleetName()
        var items: [Item] = []
        func note(_ path: String, _ purpose: String, isNew: Bool) {
            items.append(Item(path: path, purpose: purpose, isNew: isNew))
        }
        for directory in layout.directories { try SmallFile.makeDirectory(directory) }
        try SmallFile.create(layout.ignoreFile, Array("*\n".utf8), mode: 0o644)
        let text = Array(FleetTemplate.text(fleet: name).utf8)
        let isWritten = try SmallFile.create(workspace.fleetFile, text, mode: 0o644)
        note(workspace.fleetFile, "which hosts run what", isNew: isWritten)
        let hasAuthority = SmallFile.exists("\(layout.authority)/ca.pem")
        // Before the authority: where there is one and no ledger, the ledger was lost.
        let isFirst = try makeLedger(isSetUp: hasAuthority)
        let authority =
            hasAuthority
            ? try workspace.authority()
            : try CertificateAuthority.create(fleet: name.text, directory: layout.authority, now: now)
        guard authority.fleet == name.text else {
            throw CoordinatorError(
                .workspaceInvalid,
                "the authority in \(layout.authority) is of fleet '\(authority.fleet)', but \(workspace.fleetFile) says "
                    + "'\(name)': a fleet keeps its name; correct 'fleet:' there"
            )
        }
        note(layout.authority, "certificate authority: keep it secret, back it up", isNew: !hasAuthority)
        let hasOperator = SmallFile.exists(layout.operatorCertificate)
        if !hasOperator {
            try authority.issue(.operator, name: person.text, now: now).write(to: layout.operator)
        }
        note(layout.operatorCertificate, "who you are to the agents", isNew: !hasOperator)
        note(layout.ledger, "what was rolled out: back it up", isNew: isFirst)
        let hasLedgerKey = SmallFile.exists(layout.ledgerKey)
        try workspace.makeLedgerKey(of: name)
        note(layout.ledgerKey, "signs where the ledger stands", isNew: !hasLedgerKey)
        note(layout.developmentKey, "signs what you roll out from a directory", isNew: try makeDevelopmentKey())
        return items
    }

    private func makeLedger(isSetUp: Bool) throws -> Bool {
        guard !SmallFile.exists(workspace.layout.ledger) else { return false }
        if isSetUp, lostLedger == .refuse { throw workspace.lostLedger }
        _ = try Ledger(path: workspace.layout.ledger, begunBy: Author.here(person.text), at: now)
        return true
    }

    private func makeDevelopmentKey() throws -> Bool {
        let layout = workspace.layout
        let isNew = !SmallFile.exists(layout.developmentKey)
        if isNew { try SigningKey.generate().write(to: layout.developmentKey) }
        let key = try workspace.developmentKey().publicKey
        if !SmallFile.exists(layout.developmentPublicKey) { try key.write(to: layout.developmentPublicKey) }
        let builder = TrustedBuilder(builder: DevelopmentBuilder.id, key: key)
        try SmallFile.create(layout.developmentBuilder, try builder.json(), mode: 0o644)
        return isNew
    }

    private func fleetName() throws -> FleetName {
        guard SmallFile.exists(workspace.fleetFile) else { return try fleet ?? FleetName(parsing: nameOfDirectory) }
        let written = try workspace.configuration().fleet
        guard fleet == nil || fleet == written else {
            throw CoordinatorError(
                .workspaceInvalid,
                "\(workspace.fleetFile) says 'fleet: \(written)', not '\(fleet?.text ?? "")'; leave --fleet out"
            )
        }
        return written
    }

    /// The directory's name as far as it can be a fleet's.
    private var nameOfDirectory: String {
        let base = workspace.directory.split(separator: "/").last.map(String.init) ?? "fleet"
        let kept = base.lowercased().utf8.map { $0.isASCIILetterOrDigit ? $0 : UInt8(ascii: "-") }
        let name = String(decoding: kept.drop { $0 == UInt8(ascii: "-") }.prefix(40), as: UTF8.self)
        return name.isEmpty ? "fleet" : name
    }
}
