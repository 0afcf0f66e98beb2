package import Model

/// A failure that speaks against an artifact itself, and the host where it was seen.
package struct ArtifactEvidence: Hashable, Codable, Sendable {
    package var host: HostID
    package var failure: Failure

    package init(host: HostID, failure: Failure) {
        self.host = host
        self.failure = failure
    }
}

extension Failure.Code {
    /// Whether a release that failed so on a host that was well is to blame itself.
    ///
    /// What a host lacks, what a person or a rule refuses, what could not be asked and what came too late says nothing about
    /// the release. Neither does a hook: `drain` is the one of the release before.
    package var speaksAgainstArtifact: Bool {
        switch self {
        case .unitStart, .unitUnstable, .checkFailed: true
        case .artifactMissing, .artifactDigest, .artifactRefused, .provenanceRefused, .orderRefused, .approvalRefused,
            .orderExpired, .claimRefused, .claimMissing, .epochStale, .diskFull, .specInvalid, .credentialMissing,
            .unitForeign, .hookFailed, .trafficFailed, .serviceBusy, .migrationFailed, .migrationUnknown, .deadline,
            .commitMissing, .rebooted, .held,
            .unreachable,
            .nothingToRollBackTo, .drifted, .busy, .cancelled, .ledgerRefused, .ledgerMoved, .internalError:
            false
        }
    }
}
