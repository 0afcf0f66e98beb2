package import Model

/// What a Debian package says about itself, and what dpkg would do that Fleet does not.
package struct DebianControl: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The fields of `control` in their order; continued lines are joined by newlines.
    package var fields: [Field]
    /// Maintainer scripts and triggers, by name (`postinst`); they never run.
    package var scripts: [String]
    package var conffiles: [String]
    /// Paths of the data tree that dpkg would have put to work: units, init scripts, cron jobs, rules of udev and sysctl.
    package var systemFiles: [String]

    package init(
        fields: [Field] = [],
        scripts: [String] = [],
        conffiles: [String] = [],
        systemFiles: [String] = []
    ) {
        self.fields = fields
        self.scripts = scripts
        self.conffiles = conffiles
        self.systemFiles = systemFiles
    }

    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// What nobody would do for the package as this service: run its scripts, and put its files to work that are no units
    /// of `spec`, which Fleet installs.
    package func leftOut(by spec: ServiceSpec) -> [String] {
        var own = spec.sockets.map(\.text)
        if case .file(let path) = spec.unit { own.append(path.text) }
        return scripts + systemFiles.filter { !own.contains($0) }
    }

    /// Holds the package to what its environment says about parts that would be left out.
    ///
    /// - Throws: `ArtifactError` that names them.
    package func judge(_ spec: ServiceSpec, scripts: DebianScripts) throws(ArtifactError) {
        let leftOut = leftOut(by: spec)
        guard scripts == .refuse, !leftOut.isEmpty else { return }
        throw ArtifactError(
            .packageRefused,
            "the package has parts that Fleet would not use (\(leftOut.joined(separator: ", "))): set "
                + "'debian_scripts: ignore' in fleet.yml, or --ignore-scripts on the host, if the service works without them"
        )
    }
}
