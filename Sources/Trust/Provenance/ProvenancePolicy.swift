package import Model

/// Whether an artifact may run here: enough trusted builders must say where it comes from, and say the same.
package struct ProvenancePolicy: Hashable, Sendable {
    package let trust: BuilderTrust
    /// Distinct keys that must vouch for an artifact.
    package let threshold: Int
    /// Time after its build in which an artifact is taken; nil for ever.
    package let maximumAge: TimeSpan?

    package init(trust: BuilderTrust, threshold: Int = 1, maximumAge: TimeSpan? = nil) {
        precondition(threshold > 0, "a threshold of 0 would believe anything")
        self.trust = trust
        self.threshold = threshold
        self.maximumAge = maximumAge
    }

    /// What an artifact is asked for.
    private struct Question {
        let artifact: Digest
        let destination: Destination?
        let now: WallTime?

        var subject: String { "artifact \(artifact.short)" }
    }

    /// Checks the envelopes that travel with an artifact.
    ///
    /// An envelope that fails takes nothing away from one that holds: whoever can add envelopes can't add trust, and
    /// must not be able to take it away.
    ///
    /// - Parameters:
    ///   - envelopes: DSSE envelopes, as the exact bytes that arrived.
    ///   - artifact: SHA-256 of the bytes at hand, computed here and not taken from anyone's word.
    ///   - destination: What it shall run for; without one, builders are asked whatever they may vouch for.
    ///   - now: Date and time; without it, nothing has expired.
    /// - Returns: what the first of the agreeing envelopes says, with all keys that vouch for it.
    /// - Throws: `TrustError` for the rule that came nearest to holding.
    package func verify(
        envelopes: [[UInt8]],
        artifact: Digest,
        for destination: Destination? = nil,
        at now: WallTime? = nil
    ) throws(TrustError) -> VerifiedProvenance {
        let question = Question(artifact: artifact, destination: destination, now: now)
        guard !trust.builders.isEmpty else {
            throw TrustError(
                .unknownKey,
                "provenance",
                "can't be believed: this host trusts no builder; add one to /etc/fleet/trust/builders"
            )
        }
        var failure = TrustError(
            .unsigned,
            question.subject,
            "has no provenance: build it in CI, or sign it with 'fleet artifact sign'"
        )
        var accepted: [VerifiedProvenance] = []
        for envelope in envelopes {
            do throws(TrustError) {
                accepted.append(try check(envelope, question))
            } catch  where Self.rank(error) >= Self.rank(failure) {
                failure = error
            } catch {}  // a failure that says less than the one at hand
        }
        guard let first = accepted.first else { throw failure }
        let verdicts = accepted.map { agreement(with: $0, in: accepted) }
        if let verdict = verdicts.first(where: { $0.keys.count >= threshold }) { return verdict }
        throw TrustError(
            .belowThreshold,
            question.subject,
            "is vouched for by \(agreement(with: first, in: accepted).keys.count) of the \(threshold) distinct trusted keys "
                + "that this host's policy demands: let another builder sign the same source"
        )
    }

    /// `provenance` with the keys of all that say the same source.
    private func agreement(
        with provenance: VerifiedProvenance,
        in accepted: [VerifiedProvenance]
    ) -> VerifiedProvenance {
        let same = accepted.filter { $0.provenance.source == provenance.provenance.source }
        var seen: Set<Digest> = []
        let keys = same.flatMap(\.keys).filter { seen.insert($0.id).inserted }
        return VerifiedProvenance(provenance: provenance.provenance, keys: keys)
    }

    private func check(_ bytes: [UInt8], _ question: Question) throws(TrustError) -> VerifiedProvenance {
        let envelope = try DSSEEnvelope(json: bytes)
        let payload = try envelope.verify(with: trust.builders.map(\.key))
        let provenance = try Provenance(payload, of: question.artifact)
        let signed = trust.builders.filter { entry in payload.signers.contains { $0.id == entry.key.id } }
        let vouching = try entitled(signed, to: provenance, question)
        try judgeAge(of: provenance, question)
        var seen: Set<Digest> = []
        let keys = vouching.map(\.key).filter { seen.insert($0.id).inserted }
        return VerifiedProvenance(provenance: provenance, keys: keys)
    }

    /// Those of the builders who signed that may say what they said, rule by rule.
    private func entitled(
        _ signed: [TrustedBuilder],
        to provenance: Provenance,
        _ question: Question
    ) throws(TrustError) -> [TrustedBuilder] {
        func allowed(_ builders: [TrustedBuilder], _ words: (TrustedBuilder) -> String) -> String {
            builders.map(words).joined(separator: " or ")
        }
        let named = signed.filter { $0.builder.isExactly(provenance.builder) }
        guard !named.isEmpty else {
            throw TrustError(
                .wrongBuilder,
                question.subject,
                "its provenance names builder '\(provenance.builder)', but its key may speak for "
                    + "\(allowed(signed) { "'\($0.builder)'" }) only"
            )
        }
        let fromSource = named.filter { $0.source?.isExactly(provenance.source?.repository) ?? true }
        guard !fromSource.isEmpty else {
            throw TrustError(
                .wrongSource,
                question.subject,
                "was built from '\(provenance.source?.repository ?? "an unnamed source")'; its builder is trusted for "
                    + "\(allowed(named) { "'\($0.source ?? "")'" }) only"
            )
        }
        let entitled = fromSource.filter { $0.extent.covers(question.destination) }
        guard !entitled.isEmpty else {
            throw TrustError(
                .wrongDestination,
                question.subject,
                "is for \(question.destination.map { "\($0)" } ?? ""), but its builder may vouch for "
                    + "\(allowed(fromSource, \.extent.words)) only"
            )
        }
        let current = entitled.filter { !$0.extent.hasEnded(at: question.now) }
        guard !current.isEmpty else {
            let ends = allowed(entitled) { $0.extent.expires?.description ?? "" }
            throw TrustError(
                .expired,
                question.subject,
                "is signed with a key of '\(provenance.builder)' that this host believed until \(ends): build it anew with "
                    + "the builder's present key"
            )
        }
        return current
    }

    private func judgeAge(of provenance: Provenance, _ question: Question) throws(TrustError) {
        guard let maximumAge, let now = question.now else { return }
        guard let finished = provenance.finished else {
            throw TrustError(
                .expired,
                question.subject,
                "does not say when it was built, and this host takes nothing older than \(maximumAge): let its builder "
                    + "sign the end of the build"
            )
        }
        guard now - finished <= maximumAge else {
            throw TrustError(
                .expired,
                question.subject,
                "was built at \(finished), and this host takes nothing older than \(maximumAge): build it anew"
            )
        }
    }

    /// How far a check came before it failed; the farthest tells an operator most.
    private static func rank(_ error: TrustError) -> Int { ranks[error.code] ?? 0 }

    private static let ranks: [TrustError.Code: Int] = [
        .expired: 8, .wrongDestination: 7, .wrongSource: 6, .wrongBuilder: 5, .otherArtifact: 4,
        .statementInvalid: 3, .statementUnsupported: 3, .unknownKey: 2, .envelopeInvalid: 1,
    ]
}
