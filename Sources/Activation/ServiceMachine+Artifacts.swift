package import Model

extension ServiceMachine {
    /// Artifacts that this service may still have to open: those of its releases, and of what is being prepared.
    package var artifacts: [Digest] {
        let known = catalog.map(\.installed.artifact)
        switch state {
        case .preparing(let preparation), .prepared(let preparation):
            return known + [preparation.release.artifact.digest]
        case .migrating(let migrating):
            return known + [migrating.preparation?.release.artifact.digest].compactMap(\.self)
        case .idle, .changing, .reverting: return known
        }
    }
}
