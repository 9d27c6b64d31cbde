// What every example in the notes may use: the imports below stand before each of them.
internal import Calls
internal import ICE
internal import IPPacket
internal import Media
internal import NATTable
internal import NotePictures
internal import STUN
internal import STUNCodec
internal import SansIO
internal import Simulator
internal import TURN
internal import TransportAddress
