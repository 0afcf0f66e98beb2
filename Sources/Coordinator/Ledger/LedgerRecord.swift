package import Model
package import Rollout

/// One thing that was done, asked, refused or reported, as the audit trail keeps it for ever.
///
/// What is kept are the exact bytes of its canonical JSON; members are added, never changed, and a reader keeps kinds
/// that it does not know.
package struct LedgerRecord: Hashable, Codable, Sendable {
    /// What a record tells of.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The first record: `after` is the ledger.
        case ledgerBegun = "ledger.begun"
        /// The ledger was put back from a backup: records after it may be missing.
        case ledgerRestored = "ledger.restored"
        /// An approver has signed that hosts go on with a restored ledger: `before` is what they give up.
        case ledgerRecovered = "ledger.recovered"
        /// An approver has signed that hosts believe this ledger, too.
        case ledgerIntroduced = "ledger.introduced"
        /// A plan is to be carried out: `before` and `after` are releases.
        case rolloutOpened = "rollout.opened"
        /// Nothing was begun: `why` says what stood against it, `asked` what was typed.
        case rolloutRefused = "rollout.refused"
        /// The rollout has heard something: `before` and `after` are phases of the rollout.
        case rolloutEvent = "rollout.event"
        /// The rollout has come to rest.
        case rolloutEnded = "rollout.ended"
        /// A server was made a member, or its certificate was renewed.
        case hostAdded = "host.added"
        case hostRemoved = "host.removed"
        /// Rollouts may touch a service again that a person had changed on its host.
        case hostUnheld = "host.unheld"
        case certificateIssued = "certificate.issued"
        /// A host has signed what it did, at a rollout's word or at that of a person on it: `statement` is its receipt.
        case hostReceipt = "host.receipt"
        /// A host's receipts were not believed: `why` says what is wrong with them.
        case receiptRefused = "host.receipt_refused"
        /// Somebody else has looked at what was done in an emergency: `before` is the number of the record that told of it.
        case glassReviewed = "break_glass.reviewed"
        /// A trust root was brought to hosts: `before` and `after` are its versions.
        case trustPublished = "trust.published"
        /// A server was invited to become a member: `after` is the token's id.
        case tokenMade = "token.made"
        /// The token's host has proven to have it, and its certificate was issued then: `after` is the host's key.
        case tokenUsed = "token.used"
        /// Somebody who has the token got nothing for it: `why` says by which rule.
        case tokenRefused = "token.refused"
        case tokenRevoked = "token.revoked"
        /// A rollout has taken an artifact back on evidence of its own: `before` is the release, `after` the artifact.
        case artifactQuarantined = "artifact.quarantined"
        /// A quarantined artifact was taken again, and is confirmed now.
        case artifactCleared = "artifact.cleared"
    }

    package let kind: Kind
    package let at: WallTime
    /// Who caused it: an operator, the host that reported, or `clock`.
    package let by: String
    /// The machine from which it was done.
    package let from: String
    /// In the words of who did it, or of what refused it.
    package var why: String?
    package var rollout: RolloutID?
    package var service: ServiceName?
    package var environment: EnvironmentName?
    /// Digest of the plan that is carried out.
    package var plan: Digest?
    /// The host or hosts that it is about.
    package var hosts: [HostID]?
    package var before: String?
    package var after: String?
    /// How it ended: an outcome of a rollout, `done` or `failed`.
    package var outcome: String?
    /// What was typed.
    package var asked: String?
    /// What an approver or a host has signed, and the signature, as they are; a host's is in base64.
    package var statement: String?
    package var signature: String?
    /// Certificates of the key that has signed, and what leads from them to the authority, as PEM.
    package var certificate: String?
    /// Version of the engine that decided.
    package var engine: String?
    package var event: RolloutEvent?
    /// Where the artifact of a plan has not proved itself, and goes on all the same: one sentence each.
    package var unproven: [String]?
    /// SHA-256 of what its turn has changed in the rollout's state, as it was stored.
    package var state: Digest?

    package init(_ kind: Kind, by author: Author, at: WallTime) {
        self.kind = kind
        self.at = at
        by = author.name
        from = author.place
    }
}
