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

    /// Whether the package expects work that nobody would do; an agent refuses it unless told to ignore that.
    package var needsDpkg: Bool { !scripts.isEmpty || !systemFiles.isEmpty }
}
