/// Where an agent keeps and finds things; every path is absolute and has the agent's root in front.
package struct AgentPaths: Hashable, Sendable {
    /// Holds `<service>/releases`, `<service>/current` and `<service>/previous`.
    package var services = "/srv"
    /// Holds the journal and the content store.
    package var state = "/var/lib/fleet"
    /// Unix socket of the local commands.
    package var socket = "/run/fleet/agent.sock"
    /// Certificate of the fleet's authority.
    package var authority = "/etc/fleet/tls/ca.pem"
    package var certificate = "/etc/fleet/tls/cert.pem"
    package var privateKey = "/etc/fleet/tls/key.pem"
    /// Holds `builders`, `attesters`, `ledgers`, `policy.yml`, `approvers` and `break-glass`.
    package var trust = "/etc/fleet/trust"
    /// Where unit files are installed.
    package var units = "/etc/systemd/system"
    /// Where systemd finds credentials by name.
    package var credentials = "/etc/credstore"

    package init() {}

    /// The journal: intents, history, epochs.
    package var database: String { state + "/agent.db" }
    /// Copies of the agent and its configuration, for the dead-man's timers.
    package var pinned: String { state + "/pinned" }
    /// Link to the agent that takes back what nobody has committed: `fleet-recover.service` runs it at boot.
    package static let keeperName = "keeper"
    /// The content store, by algorithm and digest.
    package var artifacts: String { state + "/artifacts/sha256" }
    /// The revocation list that enrolment has brought; absent when nothing was revoked then.
    package var revocations: String {
        let end = authority.lastIndex(of: "/") ?? authority.startIndex
        return authority[..<end] + "/crl.pem"
    }
    /// Public keys of trusted builders.
    package var builders: String { trust + "/builders" }
    /// Public keys of those whose attestations count; may be absent.
    package var attesters: String { trust + "/attesters" }
    /// Public keys of the fleet's ledgers, one file for each by its UUID.
    package var ledgers: String { trust + "/ledgers" }
    /// The trust root that says what stands in the other files of `trust`; absent where files alone are trusted.
    package var root: String { "\(trust)/\(Self.rootName)" }
    package static let rootName = "root.json"
    /// What this host demands of releases; a host without it demands what every host does.
    package var policy: String { trust + "/policy.yml" }
    /// People who may approve, in OpenSSH's allowed_signers format.
    package var approvers: String { trust + "/approvers" }
    /// People whose one signature stands for all approvals, in the same format.
    package var breakGlass: String { trust + "/break-glass" }

    /// The same paths below `root`, which is absolute.
    func below(_ root: String) -> Self {
        guard root != "/" else { return self }
        let paths: [WritableKeyPath<Self, String>] = [
            \.services, \.state, \.socket, \.authority, \.certificate, \.privateKey, \.trust, \.units, \.credentials,
        ]
        var moved = self
        for path in paths { moved[keyPath: path] = root + self[keyPath: path] }
        return moved
    }
}
