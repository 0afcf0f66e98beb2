internal import TLS

/// Where things lie in the directory that belongs to the coordinator, `.fleet` beside `fleet.yml`.
///
/// ```
/// .fleet/                       0700, ignored by git as a whole
///   ca/                         the fleet's certificate authority
///   operator/{ca,cert,key}.pem  who we are to the agents, and to a coordinator that serves a team
///                               crl.pem, if it is there, whom we believe no more
///   coordinator/…               the same for `fleet serve`
///   keys/development.pem        signs what is rolled out from a directory; .pub.pem is its public half
///   keys/ledger.pem             signs where the ledger stands; keys/ledger.pub is what hosts and auditors believe
///   builders/*.json             the builders that `fleet host add` makes hosts believe
///   attesters/*.json            those whose test results and reviews count there
///   approvers                   people who may approve orders (allowed_signers); `fleet host add` gives it to hosts
///   break-glass                 people whose one signature stands for all approvals, the same way
///   policy.yml                  what hosts demand, the same way
///   trust/root-N.json           the trust roots that were published, proposal.json the one that people are signing
///   ledger.db                   what was done, and what is going on
///   artifacts/                  content store
///   locks/                      one file per rollout, locked by the process that runs it
/// ```
package struct WorkspaceLayout: Hashable, Sendable {
    package static let directoryName = ".fleet"

    /// The `.fleet` directory itself.
    package let root: String

    package init(root: String) { self.root = root }

    package var authority: String { "\(root)/ca" }
    package var `operator`: String { "\(root)/operator" }
    package var operatorCertificate: String { "\(root)/operator/cert.pem" }
    package var operatorKey: String { "\(root)/operator/key.pem" }
    package var operatorAuthority: String { "\(root)/operator/ca.pem" }
    /// What is believed no more; the authority's own list, and one that an operator without the authority was given.
    package var authorityRevocations: String { "\(root)/ca/crl.pem" }
    package var operatorRevocations: String { "\(root)/operator/crl.pem" }
    /// Where the certificate of a role lies.
    func identity(of role: Role) -> String { "\(root)/\(role.rawValue)" }

    package var keys: String { "\(root)/keys" }
    package var developmentKey: String { "\(root)/keys/development.pem" }
    package var developmentPublicKey: String { "\(root)/keys/development.pub.pem" }
    package var ledgerKey: String { "\(root)/keys/ledger.pem" }
    /// The public half with the ledger's origin, as hosts and auditors take it.
    package var ledgerPublicKey: String { "\(root)/keys/ledger.pub" }
    package var builders: String { "\(root)/builders" }
    package var attesters: String { "\(root)/attesters" }
    package var trust: String { "\(root)/trust" }
    package var developmentBuilder: String { "\(root)/builders/development.json" }
    package var approvers: String { "\(root)/approvers" }
    package var breakGlass: String { "\(root)/break-glass" }
    /// What `fleet host add` makes hosts demand.
    package var policy: String { "\(root)/policy.yml" }
    package var ledger: String { "\(root)/ledger.db" }
    package var artifacts: String { "\(root)/artifacts" }
    package var locks: String { "\(root)/locks" }
    package var ignoreFile: String { "\(root)/.gitignore" }

    package func lock(rollout number: Int) -> String { "\(locks)/R\(number)" }

    /// The directories that `fleet init` makes, the outermost first.
    var directories: [String] { [root, `operator`, keys, builders, attesters, artifacts, locks] }
}
