import Artifacts
import Coordinator
import Foundation
import Model
import Testing

@testable import FleetCommand

struct InspectionTextTests {
    @Test("A package's own words, conffiles, scripts and system files are shown")
    func debian() throws {
        let control = DebianControl(
            fields: [
                .init(name: "Package", value: "web"), .init(name: "Version", value: "1.0"),
                .init(name: "Depends", value: "libc6"), .init(name: "Description", value: "short\nlong"),
            ],
            scripts: ["postinst"],
            conffiles: ["/etc/web.conf"],
            systemFiles: ["lib/systemd/system/web.service"]
        )
        #expect(
            InspectionText.lines(of: control) == [
                "  package   web 1.0", "    Depends: libc6", "    Description: short", "  conffiles /etc/web.conf",
                "  scripts   postinst; Fleet never runs them",
                "  system    lib/systemd/system/web.service; Fleet installs the units that service.yml names, nothing else",
            ]
        )
        let json = String(decoding: try JSONEncoder().encode(PackageRecord(control)), as: UTF8.self)
        #expect(json.contains("conffiles") && json.contains("libc6"))
    }
}
