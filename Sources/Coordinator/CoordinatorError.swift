internal import Model

/// Why the coordinator refuses or fails, in words for the operator.
package struct CoordinatorError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// An order that must not be signed, or an approval that would not count.
        case approval = "approval.refused"
        case rolloutUnderWay = "rollout.under_way"
        case rolloutUnknown = "rollout.unknown"
        case rolloutEnded = "rollout.ended"
        case rolloutElsewhere = "rollout.run_elsewhere"
        case wordRefused = "rollout.word_refused"
        case planUnknown = "plan.unknown"
        case versionTaken = "artifact.version_taken"
        case versionUnknown = "artifact.version_unknown"
        case artifactInvalid = "artifact.invalid"
        /// A rollout has taken it back in this environment, on evidence of its own.
        case quarantined = "artifact.quarantined"
        /// It has not proved itself where its environment demands it.
        case unproven = "artifact.unproven"
        /// The environment's calendar is closed, or the time to start makes no sense.
        case closed = "environment.closed"
        case hostUnknown = "host.unknown"
        case nothingToRollBackTo = "rollback.no_target"
        case nothingToRemove = "remove.nothing"
        /// No host can be brought to where its environment is: all are there, or wait for a person.
        case nothingBehind = "catch_up.nothing_behind"
        case configuration = "configuration.invalid"
        case enrolment = "enrolment.failed"
        case workspaceMissing = "workspace.missing"
        case workspaceInvalid = "workspace.invalid"
        case fileUnusable = "file.unusable"
        case commandFailed = "command.failed"
        case provenanceMissing = "artifact.no_provenance"
        case backup = "backup.failed"
        /// A serving coordinator did not understand, or found the question to name what does not exist.
        case askedWrongly = "desk.usage"
        /// A serving coordinator refused by one of its rules; the text has that rule's own code.
        case askedInVain = "desk.refused"
        /// A serving coordinator tried, and failed; the text has the cause's own code.
        case coordinatorFailed = "desk.failed"
        case memberUnknown = "member.unknown"
        /// A record that is not in the ledger, or not of the kind that was asked for.
        case recordUnknown = "record.unknown"
    }

    package let code: Code
    /// What was found, what was expected and what to do.
    package let advice: String

    package init(_ code: Code, _ advice: String) {
        self.code = code
        self.advice = advice
    }

    package var description: String {
        switch code {
        case .askedWrongly, .askedInVain, .coordinatorFailed: advice
        case _: "\(advice) [\(code.rawValue)]"
        }
    }

    static func rolloutUnderWay(_ rollout: StoredRollout) -> Self {
        let plan = rollout.plan
        return Self(
            .rolloutUnderWay,
            "\(rollout.id.label) of \(plan.service) in \(plan.environment) has not ended: \(rollout.startedBy) started it "
                + "at \(rollout.startedAt) (to \(plan.target)); see 'fleet why \(rollout.id.label)', or end it with "
                + "'fleet abort \(rollout.id.label)'"
        )
    }

    static func quarantined(_ found: Quarantine) -> Self {
        Self(
            .quarantined,
            "\(found.description); see 'fleet why \(found.rollout.label)'. Roll out a version that works, or take this one "
                + "all the same with --again --reason TEXT"
        )
    }

    static func versionTaken(_ entry: CatalogEntry, known: Artifact) -> Self {
        Self(
            .versionTaken,
            "version \(entry.version) of \(entry.service) is \(known.digest.short) already, and this artifact is "
                + "\(entry.artifact.digest.short): a version never changes its content; give it another version"
        )
    }
}
