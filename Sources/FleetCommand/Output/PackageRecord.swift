import Artifacts

/// What a `.deb` says of itself, as machines get it.
struct PackageRecord: Encodable {
    let control: [String: String]
    let conffiles: [String]
    let scripts: [String]
    let systemFiles: [String]

    init(_ package: DebianControl) {
        control = Dictionary(package.fields.map { ($0.name, $0.value) }) { first, _ in first }
        conffiles = package.conffiles
        scripts = package.scripts
        systemFiles = package.systemFiles
    }
}
