import Artifacts

extension HostileArchive {
    /// Links that lead out, and what is written through links.
    static let links: [Self] = [
        .breaks(.linkOutside, at: "a", "a link outside, then a file through it") { outside, tar in
            tar.link("a", to: outside)
            tar.file("a/x")
        },
        .breaks(.linkOutside, at: "a", "a link up, then a file through it") { _, tar in
            tar.link("a", to: "../outside")
            tar.file("a/x")
        },
        .breaks(.throughLink, at: "a/x", "a link inside, then a file through it") { _, tar in
            tar.directory("b")
            tar.link("a", to: "b")
            tar.file("a/x")
        },
        .breaks(.throughLink, at: "a/b", "directories through a link") { _, tar in
            tar.link("a", to: "c")
            tar.file("a/b/x")
        },
        .breaks(.throughLink, at: "a/x", "a file as a directory") { _, tar in
            tar.file("a")
            tar.file("a/x")
        },
        .breaks(.throughLink, at: "a/x", "a link to itself as a directory") { _, tar in
            tar.link("a", to: "a")
            tar.file("a/x")
        },
        .breaks(.duplicate, at: "a", "a link in place of a directory") { _, tar in
            tar.directory("a")
            tar.link("a", to: "b")
        },
        .breaks(.duplicate, at: "a", "a directory in place of a link") { _, tar in
            tar.link("a", to: "b")
            tar.directory("a/")
            tar.file("a/x")
        },
        .breaks(.duplicate, at: "a", "a file in place of a link") { _, tar in
            tar.link("a", to: "b")
            tar.file("a")
        },
        .breaks(.linkOutside, at: "d/a", "one step too far up") { _, tar in tar.link("d/a", to: "../../outside/x") },
        .breaks(.linkOutside, at: "a", "down, and further up") { _, tar in tar.link("a", to: "b/../../outside/x") },
        .breaks(.linkOutside, at: "p/q/out", "two links that climb together") { _, tar in
            tar.link("p/q/up", to: "../..")
            tar.link("p/q/out", to: "up/../outside")
        },
        .breaks(.linkOutside, at: "a", "outside, in a pax header") { outside, tar in
            tar.pax("linkpath", outside)
            tar.link("a", to: "b")
        },
        .breaks(.linkOutside, at: "a", "outside, in GNU's long link") { outside, tar in
            tar.long("K", outside)
            tar.link("a", to: "b")
        },
        .breaks(.reservedName, at: "d/a", "a link to Fleet's own papers") { _, tar in
            tar.link("d/a", to: ".././.fleet/release.json")
        },
        .breaks(.emptyComponent, at: "a", "a link to nothing") { _, tar in tar.link("a", to: "") },
        .breaks(.controlCharacter, at: "a", "a newline in a target") { _, tar in tar.link("a", to: "b\nc") },
        .breaks(.invalidText, at: "a", "a target that is no UTF-8") { _, tar in
            tar.pax([("linkpath", [0x62, 0xFF])])
            tar.link("a", to: "b")
        },
        .breaks(.dataWithoutFile, at: "a", "a link with content") { _, tar in
            tar.add(.init("a", "2", link: "b"), Array("content".utf8))
        },
    ]

    static let hardLinks: [Self] = [
        .breaks(.absolutePath, at: "/OUTSIDE/secret", "to a file outside") { outside, tar in
            tar.hardLink("a", to: "\(outside)/secret")
        },
        .breaks(.parentPath, at: "../outside/secret", "up to a file outside") { _, tar in
            tar.hardLink("a", to: "../outside/secret")
        },
        .breaks(.hardLinkTarget, at: "a", "through a link to a file outside") { _, tar in
            tar.link("d", to: "e")
            tar.hardLink("a", to: "d/secret")
        },
        .breaks(.hardLinkTarget, at: "a", "to nothing") { _, tar in tar.hardLink("a", to: "b") },
        .breaks(.hardLinkTarget, at: "a", "to a later file") { _, tar in
            tar.hardLink("a", to: "b")
            tar.file("b")
        },
        .breaks(.hardLinkTarget, at: "a", "to itself") { _, tar in tar.hardLink("a", to: "a") },
        .breaks(.hardLinkTarget, at: "a", "to a directory") { _, tar in
            tar.directory("d")
            tar.hardLink("a", to: "d")
        },
        .breaks(.hardLinkTarget, at: "a", "to a symbolic link") { _, tar in
            tar.link("b", to: "c")
            tar.hardLink("a", to: "b")
        },
        .breaks(.duplicate, at: "a", "over its own file") { _, tar in
            tar.file("a")
            tar.hardLink("a", to: "a")
        },
        .breaks(.dataWithoutFile, at: "b", "with new content for its file") { _, tar in
            tar.file("a")
            tar.add(.init("b", "1", link: "a"), Array("changed".utf8))
        },
    ]
}
